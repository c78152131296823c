import { spawn } from 'node:child_process';
import { findProgram, hasApt, installDebianPackage } from './system-packages.mjs';

/** Path of a Dovecot for the tests with a real IMAP server: the system's, else installed by root. Without one those tests say that they did not run. */
export async function provideDovecot({ mayInstall }) {
  const find = () => process.env.TEST_DOVECOT || findProgram('dovecot') || findProgram('../sbin/dovecot');
  const found = find();
  if (found || !mayInstall || !hasApt() || process.getuid() !== 0) return found;
  await installDebianPackage('dovecot-imapd');
  return find();
}

// Beside it, in its group, something reads what nobody writes: when we end, however we end, the reading ends, and the group with it.
const untilWeEnd = 'exec 3<&0; (cat <&3; kill -KILL 0) & exec 3<&- < /dev/null "$0" -F -c "$1"';

/** Runs a Dovecot in the foreground with this configuration, for as long as this process lives. Its group is that of the child: killing it ends all connections. */
export function runDovecot(program, configuration) {
  return spawn('/bin/sh', ['-c', untilWeEnd, program, configuration], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
}
