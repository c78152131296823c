import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readConfig, settings } from './config.js';

/** For tests of ours, not for people. */
const notForPeople = ['NODE_ENV', 'WORKER_IMPORT'];

test('every setting is described in docs/running.md', () => {
  const described = readFileSync(new URL('../../../../docs/running.md', import.meta.url), 'utf8');
  expect(Object.keys(settings.shape).filter((name) => !notForPeople.includes(name) && !described.includes(`\`${name}\``))).toEqual([]);
});

const given = (more: Record<string, string>): ReturnType<typeof readConfig> => readConfig({ DATABASE_URL: 'postgres://localhost/x', SECRET_KEY: 'k'.repeat(40), ...more });

test.each([
  ['SMTP_URL', 'http://mail.example.org'], ['SMTP_URL', 'mail.example.org'], ['MAIL_FROM', 'garbage <'], ['OUTBOUND_ALLOW', '///'], ['TRUST_PROXY', 'nonsense'], ['DNS_SERVERS', '1.1.1.1,zzz'],
  ['PUBLIC_URL', 'https://a b'], ['S3_ENDPOINT', 'zzz'], ['METRICS_ALLOW', '10.0.0.0/99'],
])('%s may not be %s', (name, value) => {
  expect(() => given({ [name]: value })).toThrow(new RegExp(`^Settings are wrong: ${name}: [^;]+$`));
});

test('files in a bucket need one', () => {
  expect(() => given({ STORAGE: 's3' })).toThrow(/S3_BUCKET: is needed/);
  expect(given({ STORAGE: 's3', S3_BUCKET: 'b' }).S3_BUCKET).toBe('b');
});

test('lists are read', () => {
  expect(given({ TRUST_PROXY: 'loopback, 10.0.0.0/8', OUTBOUND_ALLOW: 'evolution,n8n_web,10.1.2.3', DNS_SERVERS: '1.1.1.1:5353,[::1]:53,::1', MAIL_FROM: 'help@example.org' })).toMatchObject({
    TRUST_PROXY: ['loopback', '10.0.0.0/8'], OUTBOUND_ALLOW: ['evolution', 'n8n_web', '10.1.2.3'], DNS_SERVERS: ['1.1.1.1:5353', '[::1]:53', '::1'],
  });
  expect(given({})).toMatchObject({ TRUST_PROXY: ['loopback'], OUTBOUND_ALLOW: [], DNS_SERVERS: [] });
});
