import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connectVisitor, openVisitor } from './realtime.mjs';

const SOCKETS = 1000;

/** Resident memory of one process with all roles: idle, and with a thousand visitors' sockets open. */
export async function benchMemory({ server, owner, report, small }) {
  report.title('Memory of one process with all roles');
  if (process.platform !== 'linux') return process.stdout.write('  read from /proc, which this system does not have\n');
  await pause(5000); // what starting left behind is collected while nothing happens
  const idle = residentMb(server.pid);
  report.figure('idle', idle, 'MB', { atMost: 250 });
  const { websiteToken, token } = await openVisitor(server, owner, small);
  const sockets = [];
  for (let i = 0; i < SOCKETS; i += 50) {
    sockets.push(...await Promise.all(Array.from({ length: 50 }, () => connectVisitor(server, websiteToken, token))));
  }
  await pause(3000);
  report.figure('more for 1,000 open visitor sockets', residentMb(server.pid) - idle, 'MB', { atMost: 60 });
  for (const socket of sockets) socket.close();
}

const residentMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
