#!/usr/bin/env node
// Writes docs/openapi.json from the server's schemas and the client's types from that; --check only compares.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildChanged } from '../lib/build.mjs';
import { Failure, runCommand } from '../lib/failure.mjs';
import { run } from '../lib/processes.mjs';
import { say } from '../lib/progress.mjs';
import { built, inRepository, repository } from '../lib/repository.mjs';

const outputs = { 'openapi.json': inRepository('docs/openapi.json'), 'generated.ts': inRepository('client/src/api/generated.ts') };

await runCommand(async () => {
  await buildChanged(['server']);
  const drafts = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-api-'));
  try {
    await generate(drafts);
    if (process.argv.includes('--check')) compare(drafts);
    else publish(drafts);
  } finally {
    fs.rmSync(drafts, { recursive: true, force: true });
  }
});

async function generate(drafts) {
  const document = await run(process.execPath, [built.openapi], { cwd: repository });
  if (document.code !== 0) throw new Failure(`The server could not describe itself: ${document.lines.last(1)[0]}`);
  fs.writeFileSync(path.join(drafts, 'openapi.json'), `${JSON.stringify(JSON.parse(document.stdout), null, 1)}\n`);
  const types = await run(process.execPath, [
    inRepository('node_modules/openapi-typescript/bin/cli.js'), path.join(drafts, 'openapi.json'), '--default-non-nullable=false', '-o', path.join(drafts, 'generated.ts'),
  ], { cwd: repository });
  if (types.code !== 0) throw new Failure(`Generating the client's types failed: ${types.lines.last(1)[0]}`);
}

function compare(drafts) {
  const differing = Object.entries(outputs).filter(([draft, file]) => read(path.join(drafts, draft)) !== read(file));
  if (differing.length > 0) throw new Failure(`${differing.map(([, file]) => path.relative(repository, file)).join(' and ')} differ from the server's schemas. Run npm run api:sync and commit.`);
}

function publish(drafts) {
  for (const [draft, file] of Object.entries(outputs)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.copyFileSync(path.join(drafts, draft), file);
    say(`Wrote ${path.relative(repository, file)}`);
  }
}

function read(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}
