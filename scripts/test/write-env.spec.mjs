import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../lib/processes.mjs';
import { inRepository } from '../lib/repository.mjs';
import { temporaryFolder } from './porchlight.mjs';

const secrets = ['SECRET_KEY', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'METRICS_TOKEN'];

/** Runs the script on a file of its own; nobody sits at the keyboard. */
function writing(t) {
  const file = path.join(temporaryFolder(t), '.env');
  return {
    file,
    write: (...args) => run('sh', [inRepository('scripts/write-env.sh'), '--file', file, ...args]),
    settings: () => Object.fromEntries(fs.readFileSync(file, 'utf8').trim().split('\n').filter((line) => !line.startsWith('#')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
  };
}

test('a fresh file has its own secrets, is for its owner only and needs no answers', async (t) => {
  const [one, other] = [writing(t), writing(t)];
  for (const { write } of [one, other]) assert.equal((await write('--domain', 'help.example.org', '--email', 'ada@example.org')).code, 0);
  assert.equal(fs.statSync(one.file).mode & 0o777, 0o600);
  const { PUBLIC_URL, SITE_ADDRESS, ADMIN_EMAIL, ...rest } = one.settings();
  assert.deepEqual([PUBLIC_URL, SITE_ADDRESS, ADMIN_EMAIL], ['https://help.example.org', 'help.example.org', 'ada@example.org']);
  for (const name of secrets) {
    assert.match(rest[name], /^[0-9a-f]{64}$/);
    assert.notEqual(rest[name], other.settings()[name]);
  }
});

test('run again it keeps every secret and what was written by hand, and changes only what it is told', async (t) => {
  const { file, write, settings } = writing(t);
  await write('--local', '8181');
  const first = settings();
  assert.deepEqual([first.PUBLIC_URL, first.HTTP_LISTEN], ['http://localhost:8181', '127.0.0.1:8181']);
  // By hand, and without a line break at the end.
  fs.appendFileSync(file, 'LOG_LEVEL=debug');
  assert.equal((await write()).code, 0);
  assert.deepEqual(settings(), { ...first, LOG_LEVEL: 'debug' });
  assert.equal((await write('--domain', 'help.example.org', '--email', 'ada@example.org', '--mail-from', 'Food bank & friends <help@example.org>')).code, 0);
  assert.deepEqual(settings(), {
    ...first, LOG_LEVEL: 'debug', PUBLIC_URL: 'https://help.example.org', SITE_ADDRESS: 'help.example.org', HTTP_LISTEN: '80', HTTPS_LISTEN: '443',
    ADMIN_EMAIL: 'ada@example.org', MAIL_FROM: 'Food bank & friends <help@example.org>',
  });
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['.env']);
});

test('a secret that is missing is added; a short one is kept, with a warning', async (t) => {
  const { file, write, settings } = writing(t);
  fs.writeFileSync(file, 'SECRET_KEY=of-an-older-installation\nREDIS_PASSWORD=\n');
  const { code, lines } = await write('--local');
  assert.equal(code, 0);
  assert.ok(lines.find(/Warning: SECRET_KEY .* only 24 characters/));
  assert.equal(settings().SECRET_KEY, 'of-an-older-installation');
  assert.match(settings().REDIS_PASSWORD, /^[0-9a-f]{64}$/);
});

test('what cannot be right is refused in one line, and nothing is written', async (t) => {
  const { file, write } = writing(t);
  const wrong = [
    [['--domain', 'https://help.example.org/', '--email', 'a@b.org'], /not a domain/], [['--domain', 'help.example.org', '--email', 'nobody'], /not a mail address/],
    [['--domain', 'help.example.org', '--local'], /exclude each other/], [['--local', '70000'], /does not exist/], [['--local', '--smtp-url', 'smtp://u:pa$s@h'], /percent-encoded/],
    [['--domian', 'x'], /no option --domian/], [['--domain'], /wants a value/], [[], /--domain is missing/], [['--domain', 'help.example.org'], /--email is missing/],
  ];
  for (const [args, expected] of wrong) {
    const { code, lines } = await write(...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(lines.last().join('\n'), expected);
    assert.equal(lines.last().length, 1, lines.last().join('\n'));
    assert.equal(fs.existsSync(file), false);
  }
});
