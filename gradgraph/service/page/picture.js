// What is drawn: a picture that can be zoomed, or text. A picture is an image, in which no script runs.

const STEP = 1.25;
const LEAST = 0.05;
const MOST = 8;
const LEGIBLE = 0.6; // A picture that fits only when smaller than this is shown so, and scrolled.

// What a picture says of itself. Only its two sentences are parsed: the page may have no style of a picture.
function nameOf(source) {
  const found = source.match(/<(title|desc)\b[^>]*>[^<]*<\/\1>/g) ?? [];
  const sentences = new DOMParser().parseFromString(`<name>${found.join(". ")}</name>`, "text/xml");
  return sentences.documentElement.textContent || "Computation graph";
}

export function pictureIn(frame, tools) {
  const image = new Image();
  const text = document.createElement("pre");
  let address = "";
  let chosen = 0; // the scale that was asked for, 0 for one that fits

  function fitting(least) {
    const across = (frame.clientWidth - 2) / image.naturalWidth;
    const down = (frame.clientHeight - 2) / image.naturalHeight;
    return Math.max(least, Math.min(across, down, 1));
  }

  function resize() {
    if (!image.isConnected || !image.naturalWidth) return;
    const scale = chosen || fitting(LEGIBLE);
    const x = (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth;
    const y = (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight;
    const grows = image.width !== Math.round(image.naturalWidth * scale);
    image.width = Math.round(image.naturalWidth * scale);
    if (chosen && grows) {
      frame.scrollLeft = x * frame.scrollWidth - frame.clientWidth / 2;
      frame.scrollTop = y * frame.scrollHeight - frame.clientHeight / 2;
    }
    tools.scale.textContent = `${Math.round(100 * scale)} %`;
  }

  function zoom(factor) {
    chosen = Math.min(MOST, Math.max(LEAST, (image.width / image.naturalWidth) * factor));
    resize();
  }

  function fit() {
    chosen = fitting(LEAST);
    resize();
  }

  function present(element, blob, name) {
    if (!element.isConnected) frame.replaceChildren(element);
    URL.revokeObjectURL(address);
    address = URL.createObjectURL(blob);
    tools.save.href = address;
    tools.save.download = name;
    tools.all.hidden = false;
    tools.zoom.hidden = element !== image;
    frame.classList.remove("old");
  }

  async function showSvg(blob) {
    present(image, blob, "graph.svg");
    image.src = address;
    image.alt = nameOf(await blob.text());
    await image.decode();
    resize();
  }

  async function showText(blob, name) {
    text.textContent = await blob.text();
    present(text, blob, name);
  }

  const keys = { "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: fit };
  frame.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || !image.isConnected) return;
    event.preventDefault();
    act();
  });
  frame.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey || !image.isConnected) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? STEP : 1 / STEP);
    },
    { passive: false },
  );
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.target === image) frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!frame.hasPointerCapture(event.pointerId)) return;
    frame.scrollLeft -= event.movementX;
    frame.scrollTop -= event.movementY;
  });
  image.draggable = false;
  tools.in.addEventListener("click", () => zoom(STEP));
  tools.out.addEventListener("click", () => zoom(1 / STEP));
  tools.fit.addEventListener("click", fit);
  new ResizeObserver(resize).observe(frame);
  return {
    showSvg,
    showText,
    grow: () => (chosen = 0),
    age: () => frame.classList.add("old"),
    clear() {
      frame.replaceChildren();
      tools.all.hidden = true;
    },
  };
}
