import { findSourceMap } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** A test file runs in the process itself, without a context of its own; what it changed there is put back when it ends. */
export default class NativeEnvironment {
  global = globalThis;
  #console = globalThis.console;
  #exit = process.exit;
  #env = { ...process.env };
  #folder = process.cwd();
  #listeners = new Map(process.eventNames().map((name) => [name, process.rawListeners(name)]));
  #prepareStackTrace = Error.prepareStackTrace;

  constructor(_config, { console }) {
    globalThis.console = console;
  }

  async setup() {
    process.setSourceMapsEnabled(true);
    Error.prepareStackTrace = inOurLines;
  }

  async teardown() {
    globalThis.console = this.#console;
    process.exit = this.#exit;
    Error.prepareStackTrace = this.#prepareStackTrace;
    process.chdir(this.#folder);
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name];
    Object.assign(process.env, this.#env);
    for (const name of process.eventNames()) {
      const before = this.#listeners.get(name) ?? [];
      for (const listener of process.rawListeners(name)) if (!before.includes(listener)) process.off(name, listener);
    }
  }

  /** Jest asks for it and, without coverage, never uses it. */
  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
}

/** Jest maps only what it translated itself, and leaves out the frames that Node's own mapping calls anonymous. */
function inOurLines(error, frames) {
  return [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${inOurLine(frame)}`)].join('\n');
}

function inOurLine(frame) {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  const origin = file?.endsWith('.ts') && findSourceMap(file)?.findOrigin(line, column);
  return origin?.fileName ? String(frame).replace(`${file}:${line}:${column}`, `${fileURLToPath(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`) : String(frame);
}
