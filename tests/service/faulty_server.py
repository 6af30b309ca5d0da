"""The command, with a service whose workers fail in the way that a document asks for."""

from gradgraph.__main__ import main

if __name__ == "__main__":
    from gradgraph.service import answers
    from tests.service.faulty_work import faulty

    answers.draw_order = faulty  # type: ignore[attr-defined]
    main()
