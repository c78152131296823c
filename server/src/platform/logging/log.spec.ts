import { expect, test } from '@jest/globals';
import { Log } from './log.js';
import { asRequest } from './request-context.js';

/** What the log writes for these facts. */
function logged(facts: Record<string, unknown>): string {
  const lines: string[] = [];
  Log.to({ write: (line: string) => { lines.push(line); } }, 'error').error('it failed', facts);
  return lines.join('');
}

test('a database error shows its code and place, and nothing of what people wrote', () => {
  const failed = Object.assign(new Error('duplicate key value (grace@example.org)'), {
    severity: 'ERROR', code: '23505', constraint: 'contacts_email', parameters: ['grace@example.org'], query: 'INSERT', detail: 'Key (email)=(grace@example.org) already exists.',
  });
  const line = logged({ error: failed });
  expect(line).not.toContain('grace@');
  expect(JSON.parse(line)).toMatchObject({ msg: 'it failed', error: { code: '23505', constraint: 'contacts_email' } });
  expect(line).toContain('log.spec');
});

test('lines of a request carry its id, also after waiting', async () => {
  const line = await new Promise<string>((resolve) => asRequest({ id: 'r-1', address: '' }, () => void Promise.resolve().then(() => resolve(logged({ account_id: 1 })))));
  expect(JSON.parse(line)).toMatchObject({ request_id: 'r-1', account_id: 1 });
  expect(JSON.parse(logged({}))).not.toHaveProperty('request_id');
});

test('secrets and content are left out wherever they stand', () => {
  const line = logged({ password: 'open sesame', body: { content: 'dear desk', token: 'knock knock' }, error: new Error('plain') });
  for (const secret of ['open sesame', 'dear desk', 'knock knock']) expect(line).not.toContain(secret);
  expect(line).toContain('plain');
});
