// Plain old syntax only: this file must load in any Node that knows modules.
const oldest = [20, 19];

/** Whether this Node can run Porchlight; says in one line what to do when not. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return true;
  process.stderr.write('Porchlight needs Node.js ' + oldest.join('.') + ' or newer, and this is ' + process.versions.node + '. Install a newer one from https://nodejs.org\n');
  process.exitCode = 1;
  return false;
}
