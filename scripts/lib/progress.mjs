/** Where progress goes: stdout for people, stderr when stdout must stay clean for a program. */
let out = process.stdout;

/** Keeps stdout free of everything but the command's own answer. */
export function progressToStderr() {
  out = process.stderr;
}

/** One line of progress. */
export function say(line) {
  out.write(`${line}\n`);
}

/** Milliseconds as a person reads them: `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Runs a slow step, saying that it began, every ten seconds that it lives, and how long it took. */
export async function step(name, work) {
  const began = performance.now();
  say(`${name} …`);
  const sign = setInterval(() => say(`${name} … ${duration(performance.now() - began)}`), 10_000);
  try {
    const result = await work();
    say(`${name}: done in ${duration(performance.now() - began)}`);
    return result;
  } finally {
    clearInterval(sign);
  }
}
