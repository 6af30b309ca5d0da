// The document as text: its lines numbered, those with problems marked, and a way to the place of a problem.

const TOKEN = /^(?:"(?:[^"\\]|\\.)*"?|[^\s,:[\]{}]+|.)/;
const AROUND = 36; // characters of a line before and after a place, in an excerpt

export function editorOf(area, numbers, marks) {
  let lines = 0;

  function height() {
    return parseFloat(getComputedStyle(area).lineHeight);
  }

  function follow() {
    numbers.style.transform = `translateY(${-area.scrollTop}px)`;
    marks.style.transform = `translateY(${-area.scrollTop}px)`;
  }

  function count() {
    const found = area.value.split("\n").length;
    if (found !== lines) {
      lines = found;
      numbers.textContent = Array.from({ length: found }, (_, at) => at + 1).join("\n");
    }
    follow();
  }

  // The line of a problem, and where its column is in it. Columns count characters, and JavaScript counts halves.
  function placeOf({ line, column }) {
    let start = 0;
    for (let left = line - 1; left > 0; left -= 1) {
      start = area.value.indexOf("\n", start) + 1;
      if (!start) return null;
    }
    const end = area.value.indexOf("\n", start);
    const text = area.value.slice(start, end < 0 ? undefined : end);
    const at = [...text].slice(0, (column ?? 1) - 1).join("").length;
    return { start, text, at, token: TOKEN.exec(text.slice(at))?.[0] ?? "" };
  }

  function mark(problems) {
    const found = new Set(problems.map((problem) => problem.line).filter(Boolean));
    marks.replaceChildren(
      ...[...found].map((line) => {
        const bar = document.createElement("div");
        bar.style.top = `${(line - 1) * height()}px`;
        return bar;
      }),
    );
  }

  function goTo(problem) {
    const place = placeOf(problem);
    if (!place) return;
    const from = place.start + place.at;
    area.focus();
    area.setSelectionRange(from, from + place.token.length);
    area.scrollTop = (problem.line - 1) * height() - area.clientHeight / 2;
    area.scrollLeft = 0.6 * parseFloat(getComputedStyle(area).fontSize) * place.at - area.clientWidth / 2;
    follow();
  }

  // The line of a problem in three parts: before its place, there, and after.
  function excerpt(problem) {
    const place = problem.line && placeOf(problem);
    if (!place) return null;
    const before = place.text.slice(0, place.at);
    const after = place.text.slice(place.at + place.token.length);
    return [
      before.length > AROUND ? `…${before.slice(-AROUND)}` : before,
      place.token.length > AROUND ? `${place.token.slice(0, AROUND)}…` : place.token,
      after.length > AROUND ? `${after.slice(0, AROUND)}…` : after,
    ];
  }

  area.addEventListener("scroll", follow, { passive: true });
  area.addEventListener("input", count);
  count();
  return {
    mark,
    goTo,
    excerpt,
    text: () => area.value,
    fill(text) {
      area.value = text;
      area.scrollTop = area.scrollLeft = 0;
      count();
    },
  };
}
