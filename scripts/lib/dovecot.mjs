import { findProgram, hasApt, installDebianPackage } from './system-packages.mjs';

/** Path of a Dovecot for the tests with a real IMAP server: the system's, else installed by root. Without one those tests say that they did not run. */
export async function provideDovecot({ mayInstall }) {
  const find = () => process.env.TEST_DOVECOT || findProgram('dovecot') || findProgram('../sbin/dovecot');
  const found = find();
  if (found || !mayInstall || !hasApt() || process.getuid() !== 0) return found;
  await installDebianPackage('dovecot-imapd');
  return find();
}
