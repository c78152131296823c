import { randomInt } from 'node:crypto';
import net from 'node:net';
import { Failure } from './failure.mjs';

/** Below those that systems give to whoever does not care: between choosing a port and listening on it, no connection takes it. */
const CHOSEN = { from: 20_000, to: 32_000 };

/** A free TCP port on the loopback address. */
export async function freePort() {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(CHOSEN.from, CHOSEN.to);
    if (!await portProblem(port, '127.0.0.1')) return port;
  }
  throw new Failure('No free port was found on 127.0.0.1.');
}

/** Resolves to undefined when the port can be listened on, else to the system's error code. */
export function portProblem(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error) => resolve(error.code ?? String(error)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Throws a Failure saying what to do when the port cannot be used. */
export async function requirePort(port, host) {
  const problem = await portProblem(port, host);
  if (problem) throw new Failure(explainPort(problem, port, host));
}

/** One line for a listen error. */
export function explainPort(code, port, host) {
  if (code === 'EADDRINUSE') return `Port ${port} is already in use. Stop the other program, or choose another port: PORT=${port + 1} npm start`;
  if (code === 'EACCES') return `Port ${port} needs more rights than you have. Choose a port above 1024: PORT=3000 npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `This machine has no address ${host}. Set HOST to one of its own, or leave it out.`;
  return `Cannot listen on ${host}:${port} (${code}). Choose another with HOST and PORT.`;
}
