import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { birthOf, endProcess, isAlive, waitUntil } from './processes.mjs';

/** Makes the data folder and proves that we may write in it. Throws a Failure saying what to do. */
export function openDataFolder(folder) {
  try {
    makeFolder(folder);
    const probe = path.join(folder, `.writable-${process.pid}`);
    fs.writeFileSync(probe, '');
    fs.rmSync(probe);
  } catch (error) {
    throw new Failure(`Cannot write in the data folder ${folder} (${error.code}). Give this user the right to write there, or choose another: DATA_DIR=/some/folder npm start`);
  }
}

// Node's own `recursive` never ends where the kernel says that a folder is missing whose parent is there, as below /proc.
function makeFolder(folder) {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder);
}

/**
 * The installation's own secrets, made on the first start and kept readable for this user only:
 * secret_key (all encryption keys come from it) and postgres_password (of the embedded database).
 */
export function readSecrets(folder, { mayCreate }) {
  const file = path.join(folder, 'secrets.json');
  const known = parse(file);
  if (known?.secret_key && known?.postgres_password) return known;
  if (known || !mayCreate) {
    throw new Failure(`${file} is ${known ? 'damaged' : 'missing'}, but the data beside it needs it. Put it back from your backup, or start empty with another DATA_DIR.`);
  }
  const secrets = { secret_key: randomBytes(32).toString('base64url'), postgres_password: randomBytes(24).toString('base64url') };
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  fs.renameSync(draft, file);
  return secrets;
}

function parse(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return {};
    throw new Failure(`Cannot read ${file} (${error.code}). Start as the user who made the data folder.`);
  }
}

/** Marks the data folder as in use by this process. Keeps no file open, so it survives a kill -9 as a stale mark. */
export class DataFolderLock {
  #file;
  #children = {};

  constructor(folder) {
    this.#file = path.join(folder, 'running.json');
  }

  /** Whether a live process has the folder. */
  static isHeld(folder) {
    const holder = readHolder(path.join(folder, 'running.json'));
    return holder !== undefined && isSameProcess(holder);
  }

  /**
   * Takes the folder, or throws a Failure naming who has it. One that is stopping is waited for, and a server
   * that a killed start left behind is ended: it would still hold the port.
   */
  async take() {
    const began = performance.now();
    for (;;) {
      if (this.#create()) return;
      const holder = readHolder(this.#file);
      if (!holder) continue;
      if (!isSameProcess(holder)) {
        await endLeftover(holder.server);
        if (readHolder(this.#file)?.pid === holder.pid) fs.rmSync(this.#file, { force: true });
        continue;
      }
      const patience = holder.stopping ? 40_000 : 1_500;
      const left = patience - (performance.now() - began);
      const changed = left > 0 && await waitUntil(() => !isSameProcess(holder) || readHolder(this.#file)?.stopping !== holder.stopping, { timeout: left });
      if (!changed) {
        throw new Failure(`Porchlight already runs on this data folder (process ${holder.pid}). Stop it first, or give this one its own: DATA_DIR=/some/folder PORT=3001 npm start`);
      }
    }
  }

  /** Notes the server process, so that a later start can end it should we be killed. */
  noteServer(pid) {
    this.#children = { server: { pid, birth: birthOf(pid) } };
    this.#write();
  }

  /** Tells a start that follows at once that waiting is worth it. */
  noteStopping() {
    this.#write({ stopping: true });
  }

  release() {
    if (readHolder(this.#file)?.pid === process.pid) fs.rmSync(this.#file, { force: true });
  }

  #mark(more) {
    return JSON.stringify({ pid: process.pid, birth: birthOf(process.pid), ...this.#children, ...more });
  }

  #create() {
    // Linking a finished file is atomic: nobody ever reads a half-written mark.
    const draft = `${this.#file}.${process.pid}`;
    fs.writeFileSync(draft, this.#mark());
    try {
      fs.linkSync(draft, this.#file);
      return true;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      return false;
    } finally {
      fs.rmSync(draft, { force: true });
    }
  }

  #write(more) {
    const draft = `${this.#file}.${process.pid}`;
    fs.writeFileSync(draft, this.#mark(more));
    fs.renameSync(draft, this.#file);
  }
}

function readHolder(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: 0 };
    return undefined;
  }
}

/** Process ids are used again; the time of birth tells a namesake from the process that left the mark. */
function isSameProcess({ pid, birth }) {
  return isAlive(pid) && pid !== process.pid && birthOf(pid) === birth;
}

async function endLeftover(server) {
  if (server && isSameProcess(server)) await endProcess(server.pid, [['SIGTERM', 8_000], ['SIGKILL', 5_000]]);
}
