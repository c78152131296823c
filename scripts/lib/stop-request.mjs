import { isShell, parentOf } from './processes.mjs';

/**
 * Ctrl-C, SIGTERM, a closed terminal, or npm's death: one wish to stop, heard once. A second signal calls the
 * impatient action, if there is one.
 */
export class StopRequest {
  requested = false;
  /** Resolves when stopping is asked for. */
  wanted;
  #ask;
  #second;

  constructor() {
    this.wanted = new Promise((resolve) => { this.#ask = resolve; });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.#request());
    this.#watchNpm();
  }

  /** Waits for the work or for the wish to stop, whichever comes first. */
  orElse(work) {
    return Promise.race([work, this.wanted]);
  }

  onSecond(action) {
    this.#second = action;
  }

  #request() {
    if (this.requested) this.#second?.();
    this.requested = true;
    this.#ask();
  }

  /** `kill -9` of npm tells its child nothing; serving on unseen would keep the port from the next `npm start`. */
  #watchNpm() {
    if (!process.env.npm_lifecycle_event) return;
    const line = lineUpToNpm();
    setInterval(() => { if (!this.requested && lineUpToNpm() !== line) this.#request(); }, 250).unref();
  }
}

/** Our parent, and its parent when it is the shell that npm runs scripts with; differs once one of them is gone. */
function lineUpToNpm() {
  const parent = process.ppid;
  return isShell(parent) ? `${parent} ${parentOf(parent)}` : String(parent);
}
