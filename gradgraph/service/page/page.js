// The page: a document that is drawn as it is written, or a file that is drawn when it is saved.

import { LONGEST, addressOf } from "./address.js";
import { editorOf } from "./editor.js";
import { pictureIn } from "./picture.js";

const PAUSE = 300; // ms without a key until a document is drawn
const { most, file } = document.documentElement.dataset;
const at = (id) => document.getElementById(id);
const order = at("order");
const editor = editorOf(at("document"), at("numbers"), at("marks"));
const picture = pictureIn(at("frame"), {
  all: at("tools"), zoom: at("zoom"), scale: at("scale"), in: at("in"), out: at("out"), fit: at("fit"), save: at("save"),
});
const suffixes = { svg: "svg", text: "txt", mermaid: "mmd", dot: "dot" };
let pending = new AbortController();
let timer = 0;
let shown = "";

const isJson = () => /^\s*[[{]/.test(editor.text());

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function pathOf(prefix) {
  const format = order.elements.format.value;
  const query = new URLSearchParams();
  for (const select of order.querySelectorAll("select")) {
    const applies = select.dataset.formats.split(" ").includes(format);
    select.disabled = !applies;
    if (applies && select.value) query.set(select.name, select.value);
  }
  return `${prefix}/${format}${query.size ? `?${query}` : ""}`;
}

function asked(signal) {
  if (file) return fetch(pathOf("view/drawing"), { signal });
  const type = isJson() ? "application/json" : "application/yaml";
  return fetch(pathOf("v1/render"), { method: "POST", body: editor.text(), headers: { "Content-Type": type }, signal });
}

async function draw() {
  clearTimeout(timer);
  pending.abort();
  pending = new AbortController();
  const { signal } = pending;
  hush();
  if (!file && !editor.text().trim()) {
    picture.clear();
    tell("", []);
    return;
  }
  try {
    const response = await asked(signal);
    await (response.ok ? show(response, signal) : refuse(response, signal));
  } catch (error) {
    if (signal.aborted) return;
    picture.age();
    tell(error instanceof TypeError ? "The service does not answer." : `The picture cannot be shown: ${error.message}`, []);
  }
}

async function show(response, signal) {
  const format = response.headers.has("Gradgraph-Degraded") ? "text" : order.elements.format.value;
  const blob = await response.blob();
  if (signal.aborted) return;
  if (format !== shown) picture.grow();
  shown = format;
  await (format === "svg" ? picture.showSvg(blob) : picture.showText(blob, `graph.${suffixes[format]}`));
  if (signal.aborted) return;
  const degraded = format !== order.elements.format.value;
  tell(degraded ? "There is no layout engine here, so this is the drawing as text." : "", []);
  if (file) {
    document.body.classList.remove("reading");
    at("state").textContent = `drawn at ${new Date().toLocaleTimeString()}`;
  }
}

async function refuse(response, signal) {
  const said = await response.json();
  if (file && said.problems) await fetchDocument(signal);
  if (signal.aborted) return;
  picture.age();
  tell(said.detail, said.problems ?? []);
}

async function fetchDocument(signal) {
  const response = await fetch("view/document", { signal });
  editor.fill(response.ok ? await response.text() : "");
}

// Show a sentence and the problems of the document, each of which leads to its place.
function tell(sentence, problems) {
  const list = element("ol");
  list.append(...problems.map(itemOf));
  at("problems").replaceChildren(...(sentence ? [element("h2", sentence)] : []), ...(problems.length ? [list] : []));
  editor.mark(problems);
}

function itemOf(problem) {
  const item = element("li");
  const what = problem.remedy ? `${problem.sentence} (${problem.remedy})` : problem.sentence;
  const parts = [element("span", what)];
  if (problem.pointer) parts.unshift(element("code", problem.pointer), " ");
  if (!problem.line) {
    item.append(...parts);
    return item;
  }
  const button = element("button");
  button.type = "button";
  button.append(element("b", `Line ${problem.line}, column ${problem.column ?? 1}`), " ", ...parts);
  button.addEventListener("click", () => {
    document.body.classList.add("reading");
    editor.goTo(problem);
  });
  item.append(button);
  const excerpt = editor.excerpt(problem);
  if (excerpt) {
    const line = element("pre");
    line.append(excerpt[0], element("mark", excerpt[1]), excerpt[2]);
    item.append(line);
  }
  return item;
}

function hush() {
  at("told").hidden = at("address").hidden = true;
}

async function copy() {
  hush();
  const told = at("told");
  const field = at("address");
  const path = pathOf("v1/render");
  told.hidden = false;
  if (!isJson()) {
    told.textContent = "Only a document in JSON has an address. gradgraph convert makes JSON of YAML.";
    return;
  }
  const address = await addressOf(editor.text(), path);
  if (address.length > LONGEST) {
    const length = address.length.toLocaleString("en");
    told.textContent = `The address would have ${length} characters, and ${LONGEST.toLocaleString("en")} are the most. `
      + `Send the document with POST /${path} instead.`;
    return;
  }
  field.hidden = false;
  field.value = address;
  field.select();
  try {
    await navigator.clipboard.writeText(address);
    told.textContent = "The address is copied.";
  } catch {
    field.focus();
    told.textContent = "The browser lets no script copy here. The address is selected: copy it.";
  }
}

async function read(chosen) {
  clearTimeout(timer);
  pending.abort();
  if (chosen.size > Number(most)) {
    const [given, taken] = [chosen.size, Number(most)].map((bytes) => bytes.toLocaleString("en"));
    tell(`The file ${chosen.name} has ${given} bytes. The service takes ${taken}.`, []);
    return;
  }
  editor.fill(await chosen.text());
  picture.grow();
  await draw();
}

function watch() {
  const events = new EventSource("view/events");
  events.addEventListener("saved", draw);
  events.addEventListener("end", () => {
    events.close();
    at("state").textContent = "gradgraph view has stopped";
  });
  events.addEventListener("error", () => (at("state").textContent = "the connection is lost"));
}

order.addEventListener("submit", (event) => {
  event.preventDefault();
  draw();
});
for (const control of order.querySelectorAll("select, [type=radio]")) control.addEventListener("change", draw);
at("copy").addEventListener("click", copy);
at("draw").hidden = true;
document.documentElement.classList.add("scripted");
if (file) {
  history.replaceState(null, "", location.pathname); // without the token
  at("document").readOnly = true;
  at("copy").hidden = at("example").hidden = true;
  watch();
} else {
  at("document").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  });
  at("document").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) draw();
  });
  at("open").hidden = false;
  at("open").addEventListener("click", () => at("chosen").click());
  at("chosen").addEventListener("change", ({ target }) => {
    if (target.files.length) read(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });
  at("example").addEventListener("click", async (event) => {
    event.preventDefault();
    editor.fill(await (await fetch("page/neuron.json")).text());
    picture.grow();
    draw();
  });
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  });
  draw();
}
