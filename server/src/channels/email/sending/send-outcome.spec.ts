import { expect, test } from '@jest/globals';
import { idsGiven, judgeRest } from './send-outcome.js';

test('a server that gives the mail an id of its own says which; a recipient is none', () => {
  expect(idsGiven('250 2.0.0 OK <AB12@mail.outlook.example> [Hostname=x]', [])).toEqual(['AB12@mail.outlook.example']);
  expect(idsGiven('250 2.0.0 <jo@example.com> saved', ['jo@example.com'])).toEqual([]);
  expect(idsGiven('250 OK: message queued', [])).toEqual([]);
  expect(idsGiven('Ok 0100018c1f5e2a77-6b1c9a55-2d1f-4a0e-9d2b-8f7c6a5b4c3d-000000', [])).toEqual(['0100018c1f5e2a77-6b1c9a55-2d1f-4a0e-9d2b-8f7c6a5b4c3d-000000']);
});

test('a rest that is refused again does not make the message fail for those who have it', () => {
  const leftOut = [{ address: 'cc@example.com', reason: 'full', permanent: false }];
  const refused = { kind: 'refused', stage: 'recipient', permanent: true, reason: 'gone', code: 550 } as const;
  expect(judgeRest(refused, 1, 'id', leftOut)).toMatchObject({ kind: 'sent', note: expect.stringContaining('cc@example.com') });
  expect(judgeRest({ ...refused, permanent: false }, 1, 'id', leftOut)).toMatchObject({ kind: 'retry_after' });
});
