import { javascript } from "@codemirror/lang-javascript";
import { syntaxHighlighting } from "@codemirror/language";
import { classHighlighter } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import { programs } from "./programs.ts";
import type { Output } from "./protocol.ts";

/** The playground: a list of programs, an editor, and what the program shows. */
export function mount(parent: HTMLElement): void {
  const { list, editing, run, status, output } = elements(parent);
  const editor = new EditorView({
    parent: editing,
    extensions: [basicSetup, javascript(), syntaxHighlighting(classHighlighter), EditorView.lineWrapping],
  });
  list.append(...programs.map(({ name, title }) => new Option(title, name)));
  const open = (name: string): void => {
    const { text } = programs.find((one) => one.name === name) ?? programs[0]!;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  };
  list.addEventListener("change", () => {
    location.hash = list.value;
  });
  const follow = (): void => {
    const name = location.hash.slice(1) || programs[0]!.name;
    list.value = name;
    open(name);
    output.replaceChildren();
    status.textContent = "";
  };
  addEventListener("hashchange", follow);
  follow();
  const runner = runnerOf(output, status, (running) => {
    run.textContent = running ? "Stop" : "Run";
  });
  run.addEventListener("click", () => runner(editor.state.doc.toString()));
}

interface Elements {
  readonly list: HTMLSelectElement;
  readonly editing: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly status: HTMLElement;
  readonly output: HTMLElement;
}

function elements(parent: HTMLElement): Elements {
  const add = <K extends keyof HTMLElementTagNameMap>(
    to: HTMLElement,
    tag: K,
    className: string,
  ): HTMLElementTagNameMap[K] => {
    const element = Object.assign(document.createElement(tag), { className });
    to.append(element);
    return element;
  };
  const bar = add(parent, "div", "playground-bar");
  const list = add(bar, "select", "");
  list.setAttribute("aria-label", "program");
  const run = add(bar, "button", "playground-run");
  run.textContent = "Run";
  const status = add(bar, "span", "playground-status");
  status.setAttribute("role", "status");
  const editing = add(parent, "div", "playground-editor");
  return { list, editing, run, status, output: add(parent, "div", "playground-output") };
}

/** Starts a program, or stops the one that runs. */
function runnerOf(
  output: HTMLElement,
  status: HTMLElement,
  changed: (running: boolean) => void,
): (program: string) => void {
  let worker: Worker | undefined;
  const end = (text: string): void => {
    worker?.terminate();
    worker = undefined;
    status.textContent = text;
    changed(false);
  };
  return (program) => {
    if (worker) return end("stopped");
    output.replaceChildren();
    status.textContent = "running …";
    worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Output>) => {
      if (data.type === "done") end(`done in ${data.seconds.toFixed(1)} s`);
      else if (data.type === "failed") {
        append(output, "p", data.message).className = "playground-failure";
        end("failed");
      } else if (data.type === "line") appendLine(output, data.text);
      else append(output, "figure", "").append(...picture(data));
    });
    worker.addEventListener("error", ({ message }) => {
      append(output, "p", message).className = "playground-failure";
      end("failed");
    });
    worker.postMessage(program);
    changed(true);
  };
}

function append(output: HTMLElement, tag: string, text: string): HTMLElement {
  const element = Object.assign(document.createElement(tag), { textContent: text });
  output.append(element);
  return element;
}

/** Lines between two pictures are one block, as in a terminal. */
function appendLine(output: HTMLElement, text: string): void {
  const last = output.lastElementChild;
  const block = last?.tagName === "PRE" ? last : append(output, "pre", "");
  block.append(`${text}\n`);
}

function picture({ mime, data, caption }: Extract<Output, { readonly type: "picture" }>): HTMLElement[] {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(new Blob([data], { type: mime }));
  image.alt = caption || "what the program draws";
  const words = Object.assign(document.createElement("figcaption"), { textContent: caption });
  return caption ? [image, words] : [image];
}
