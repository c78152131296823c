#!/usr/bin/env node
// Before a container serves: usable database and Redis, the schema of this version. One line when something is wrong.
import { runCommand } from './lib/failure.mjs';
import { prepare } from './lib/prepare.mjs';

await runCommand(() => prepare());
