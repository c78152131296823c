/** Something the person at the keyboard can put right: `message` is one line saying what happened and what to do. */
export class Failure extends Error {}

/**
 * Runs a command's main function; a Failure becomes one line and exit code 1, anything else shows its stack: it is our bug.
 * With `json` the Failure is `{"error"}` on stdout, where the program that called reads.
 */
export async function runCommand(main, { json = false } = {}) {
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (json && error instanceof Failure) process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
    else process.stderr.write(error instanceof Failure ? `${error.message}\n` : `${error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
  // Pools and pipes of things that failed half-way must not keep a finished command alive.
  process.exit();
}

/** The reader went away (`npm start | head`); that is no reason to leave children running. */
function ignoreClosedPipe(error) {
  if (error.code !== 'EPIPE') throw error;
}
