import { spawn } from 'node:child_process';
import fs from 'node:fs';

const KEPT_LINES = 40;

/** Collects the last lines a process wrote, to quote them when it fails. */
export class LastLines {
  #lines = [];
  add(chunk) {
    this.#lines = [...this.#lines, ...String(chunk).split('\n').filter((line) => line.trim() !== '')].slice(-KEPT_LINES);
  }
  /** The last `count` lines, oldest first. */
  last(count = KEPT_LINES) {
    return this.#lines.slice(-count);
  }
  /** The last line that matches, or ''. */
  find(pattern) {
    return this.#lines.findLast((line) => pattern.test(line)) ?? '';
  }
  /** What it said of why it failed, if anything: its last line, or of an error that nobody caught its message, which Node prints further up. */
  reason() {
    // Its log comes by another pipe than its last words, and may arrive after them.
    const last = this.last().findLast((line) => !/^\{"level":/.test(line)) ?? this.last(1)[0];
    return /^Node\.js v\d/.test(last ?? '') ? this.find(/^(Uncaught )?\w*Error\b/) || last : last;
  }
}

const running = new Set();
let over = false;

/**
 * Runs a program to its end. Answers {code, signal, lines, stdout}; never rejects because of its exit code.
 * `show` passes its output on as it comes, else stdout is answered as text. It gets a process group of its own,
 * so that its children end with it (endRunning) and the terminal's Ctrl-C does not reach it behind our back.
 */
export function run(command, args, { show = false, env, cwd, uid, gid, stdio } = {}) {
  return new Promise((resolve, reject) => {
    if (over) return reject(new Error(`Not running ${command}: we are stopping.`));
    const child = spawn(command, args, { cwd, uid, gid, detached: true, env: { ...process.env, ...env }, stdio: stdio ?? ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const lines = new LastLines();
    const chunks = [];
    child.stdout?.on('data', (chunk) => {
      lines.add(chunk);
      if (show) process.stdout.write(chunk);
      else chunks.push(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      lines.add(chunk);
      if (show) process.stderr.write(chunk);
    });
    const forget = () => running.delete(child);
    child.once('error', (error) => { forget(); reject(error); });
    child.once('close', (code, signal) => { forget(); resolve({ code: code ?? 1, signal, lines, stdout: Buffer.concat(chunks).toString('utf8') }); });
  });
}

/** Ends every program that `run` has going, with its children, and lets no other begin: work that was given up may still be on its way to one. */
export async function endRunning() {
  over = true;
  await Promise.all([...running].map(({ pid }) => endProcess(-pid, [['SIGTERM', 5_000], ['SIGKILL', 5_000]])));
}

/** Resolves true once the condition holds, false when `timeout` ms have passed. */
export async function waitUntil(condition, { timeout, every = 50 }) {
  const end = performance.now() + timeout;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/**
 * Whether a process (or, negative, a process group) runs. A zombie counts as gone: in a container whose first process does not reap,
 * a killed Postgres stays one for ever and its lock would never be freed.
 */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid === 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return pid < 0 || stateOf(pid) !== 'Z';
}

/** Something that differs when a process id was given to another process since; '' where the system does not tell. */
export function birthOf(pid) {
  return procStat(pid)?.[19] ?? '';
}

/** Whether the process is a shell running one command (`sh -c …`); false where the system does not tell. */
export function isShell(pid) {
  try {
    return /^\S*sh\0-c\0/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

/** The parent of a process; '' where the system does not tell. */
export function parentOf(pid) {
  return procStat(pid)?.[1] ?? '';
}

function stateOf(pid) {
  return procStat(pid)?.[0] ?? '';
}

/** Fields of /proc/<pid>/stat after the name (which may hold blanks and brackets): state first. */
function procStat(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Sends signals in turn until the process is gone: `[['SIGTERM', 10_000], ['SIGKILL', 5_000]]`. True when it is. */
export async function endProcess(pid, signals) {
  for (const [signal, patience] of signals) {
    try {
      process.kill(pid, signal);
    } catch {
      return true;
    }
    if (await waitUntil(() => !isAlive(pid), { timeout: patience })) return true;
  }
  return !isAlive(pid);
}
