import fs from 'node:fs';
import path from 'node:path';
import { step } from '../../lib/progress.mjs';
import { findProgram, installDebianPackage } from '../../lib/system-packages.mjs';
import { npm } from '../../lib/packages.mjs';
import { inRepository } from '../../lib/repository.mjs';
import { output } from './engine.mjs';

const recipes = inRepository('scripts/dev/compose/stand-ins');
const debian = 'porchlight-standin/debian';
const node = { version: '22', npm: '10' };

/** Environment that makes docker-compose.yml use the stand-ins in place of the images of a registry. */
export const standInImages = Object.fromEntries(['node', 'caddy', 'postgres', 'redis'].map((name) => [`${name.toUpperCase()}_IMAGE`, `porchlight-standin/${name}`]));

/** Builds Debian, Node.js, PostgreSQL, Redis and Caddy images from Debian's and npm's packages alone. */
export async function buildStandIns(engine, scratch) {
  const context = path.join(scratch, 'stand-ins');
  fs.mkdirSync(context);
  fs.cpSync(recipes, context, { recursive: true });
  await step('Making a Debian image', () => importDebian(engine, scratch));
  await step('Fetching Node.js and npm', () => fetchNode(context));
  for (const name of ['node', 'postgres', 'redis', 'caddy']) {
    await step(`Building the stand-in of ${name}`, () => engine.docker(['build', '-q', '-t', `porchlight-standin/${name}`, '-f', path.join(context, `${name}.Dockerfile`), context]));
  }
}

async function importDebian(engine, scratch) {
  if (!findProgram('debootstrap', '/usr/sbin/debootstrap')) await installDebianPackage('debootstrap');
  const root = path.join(scratch, 'debian');
  await output(findProgram('debootstrap') ?? '/usr/sbin/debootstrap', ['--variant=minbase', '--include=ca-certificates', 'trixie', root, 'http://deb.debian.org/debian']);
  // A network with certificates of its own: builds inside must believe them as this machine does.
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  if (fs.existsSync(certificates)) fs.copyFileSync(certificates, path.join(root, certificates));
  // What Debian's "slim" images leave out as well, so that sizes can be compared.
  for (const folder of ['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale', 'var/cache/apt', 'var/lib/apt/lists']) {
    for (const name of fs.readdirSync(path.join(root, folder))) fs.rmSync(path.join(root, folder, name), { recursive: true });
  }
  const archive = path.join(scratch, 'debian.tar');
  await output('tar', ['-C', root, '-cf', archive, '.']);
  await engine.docker(['import', archive, debian]);
  fs.rmSync(archive);
  fs.rmSync(root, { recursive: true });
}

async function fetchNode(context) {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  for (const [name, version, folder] of [[`node-linux-${architecture}`, await newest(`node@${node.version}`), 'node-package'], ['npm', node.npm, 'npm']]) {
    const [command, ...args] = npm();
    const packed = (await output(command, [...args, 'pack', `${name}@${version}`, '--silent', '--pack-destination', context])).split('\n').at(-1);
    const archive = path.join(context, packed);
    fs.mkdirSync(path.join(context, folder));
    await output('tar', ['-xzf', archive, '-C', path.join(context, folder), '--strip-components=1', '--no-same-owner']);
    fs.rmSync(archive);
  }
  fs.mkdirSync(path.join(context, 'bin'));
  fs.renameSync(path.join(context, 'node-package/bin/node'), path.join(context, 'bin/node'));
  fs.rmSync(path.join(context, 'node-package'), { recursive: true });
}

/** The newest version in a range; npm lists them oldest first. */
async function newest(range) {
  const [command, ...args] = npm();
  const versions = JSON.parse(await output(command, [...args, 'view', range, 'version', '--json']));
  return [versions].flat().at(-1);
}

/** Compose 2 and buildx as docker plugins, unpacked from Debian's packages; answers the folder for DOCKER_CONFIG. */
export async function composePlugins(engine, scratch) {
  const folder = path.join(scratch, 'plugins');
  fs.mkdirSync(path.join(folder, 'cli-plugins'), { recursive: true });
  await engine.docker(['run', '--rm', '-v', `${folder}:/out`, debian, 'sh', '-ec', `
    apt-get -q update
    cd /tmp && apt-get -q download docker-compose docker-buildx
    for package in *.deb; do dpkg -x "$package" unpacked; done
    cp unpacked/usr/libexec/docker/cli-plugins/* /out/cli-plugins/`]);
  return folder;
}
