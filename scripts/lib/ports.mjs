import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Failure } from './failure.mjs';

/** Below it are the well-known services, and the last port that browsers refuse to open. */
const LOWEST = 10_100;
/** So many are chosen from, where there are as many. */
const ENOUGH = 12_000;
/** What most systems have. */
const USUAL_FIRST_GIVEN = 32_768;

/**
 * A free TCP port on the loopback address, for somebody who listens on it later. It is below those that the system gives to whoever
 * does not care, so that meanwhile no connection going out takes it; and where many processes choose (PORTS_CLAIMED_IN names a folder
 * they share) none is chosen twice.
 */
export async function freePort() {
  const end = firstGiven();
  const from = Math.max(LOWEST, end - ENOUGH);
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(from, end);
    if (claim(port) && !await portProblem(port, '127.0.0.1')) return port;
  }
  throw new Failure('No free port was found on 127.0.0.1.');
}

/** The first of the ports that this system gives to connections going out. Where it gives away nearly all of them there is none below. */
function firstGiven() {
  try {
    const first = Number(fs.readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0]);
    return first > LOWEST + 1_000 ? first : USUAL_FIRST_GIVEN;
  } catch {
    return USUAL_FIRST_GIVEN;
  }
}

/** Whether nobody else has chosen it. */
function claim(port) {
  const folder = process.env.PORTS_CLAIMED_IN;
  if (!folder) return true;
  try {
    fs.writeFileSync(path.join(folder, String(port)), '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
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
