#!/usr/bin/env node
import { requireNode } from './lib/node-version.mjs';

if (requireNode()) {
  const [{ runCommand }, { installPackages }, { buildChanged }] = await Promise.all([
    import('./lib/failure.mjs'), import('./lib/packages.mjs'), import('./lib/build.mjs'),
  ]);
  await runCommand(async () => {
    await installPackages();
    await buildChanged();
  });
}
