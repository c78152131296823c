import { Failure } from './failure.mjs';
import { findProgram, hasApt, installDebianPackage } from './system-packages.mjs';

const program = () => findProgram('nginx', '../sbin/nginx');

/** The web server that stands before several processes in their test; installed by root where it is missing. Undefined when there is none. */
export async function provideNginx({ mayInstall }) {
  const found = program();
  if (found || !mayInstall || !hasApt() || process.getuid() !== 0) return found;
  await installDebianPackage('nginx-light');
  const installed = program();
  if (!installed) throw new Failure('Installing nginx failed. Install nginx and run npm test again.');
  return installed;
}
