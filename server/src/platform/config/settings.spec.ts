import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { settings } from './config.js';

const read = (file: string): string => readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');
const names = Object.keys(settings.shape);

/** What a container gets from the image, or what is not for people: the name says why it is not in docker-compose.yml. */
const fixedInContainers = ['NODE_ENV', 'HOST', 'PORT', 'DATA_DIR', 'DATABASE_POOL', 'REDIS_PREFIX', 'ALLOW_UNSAFE_POSTGRES'];

test('every setting is described in docs/running.md', () => {
  const described = read('docs/running.md');
  expect(names.filter((name) => name !== 'NODE_ENV' && !described.includes(`\`${name}\``))).toEqual([]);
});

test('every setting reaches the containers of docker-compose.yml, or is fixed there', () => {
  const compose = read('docker-compose.yml');
  expect(names.filter((name) => !fixedInContainers.includes(name) && !new RegExp(`^\\s+${name}: `, 'm').test(compose))).toEqual([]);
});
