import { expect, test } from '@jest/globals';
import { newsOf, type ReportedRecipient } from './delivery-news.js';

const recipient = (changes: Partial<ReportedRecipient> = {}): ReportedRecipient => ({ address: 'jo@example.com', action: 'failed', status: '5.1.1', diagnostic: 'smtp; 550 5.1.1 User unknown', ...changes });
const mail = { to: ['jo@example.com'], cc: ['ann@example.com'] };
const bounce = (...recipients: ReportedRecipient[]) => newsOf({ kind: 'bounce', aboutIds: [], recipients }, mail);

test('a mailbox that does not exist fails the message and is held', () => {
  expect(bounce(recipient())).toEqual({
    status: 'failed', reason: 'Could not be delivered. jo@example.com: smtp; 550 5.1.1 User unknown', hold: [{ address: 'jo@example.com', reason: 'hard_bounce', detail: 'jo@example.com: smtp; 550 5.1.1 User unknown' }],
  });
  expect(bounce(recipient({ status: null, diagnostic: 'No such user here' }))?.hold).toHaveLength(1);
});

test.each([
  ['a full mailbox', recipient({ status: '5.2.2', diagnostic: 'Mailbox full' })], ['given up after days', recipient({ status: '4.4.7', diagnostic: null })], ['a suspicion of spam', recipient({ status: '5.7.1', diagnostic: 'Message rejected as spam' })],
])('%s fails the message and holds nobody', (_name, one) => expect(bounce(one)).toMatchObject({ status: 'failed', hold: [] }));

test('a reason is given even where the server gave only figures', () => {
  expect(bounce(recipient({ status: '5.2.1', diagnostic: null }))?.reason).toBe('Could not be delivered. jo@example.com: the mailbox takes no mail (5.2.1)');
});

test('somebody in Cc who is not reached is said beside, and held', () => {
  expect(bounce(recipient({ address: 'Ann@example.com' }))).toMatchObject({ status: 'sent', reason: expect.stringContaining('Ann@example.com'), hold: [{ address: 'ann@example.com' }] });
});

test('nobody is held whom we did not write to', () => {
  expect(bounce(recipient({ address: 'victim@example.com' }))).toMatchObject({ status: 'failed', hold: [] });
});

test('a delay is said, a delivery and a receipt are states, a complaint holds', () => {
  expect(bounce(recipient({ action: 'delayed', status: '4.4.1', diagnostic: 'Connection timed out' }))).toEqual({ status: 'sent', reason: 'Delayed; the mail servers go on trying. jo@example.com: Connection timed out (4.4.1)', hold: [] });
  expect(bounce(recipient({ action: 'delivered', status: '2.0.0' }))).toEqual({ status: 'delivered', hold: [] });
  expect(bounce(recipient({ action: 'relayed' }))).toBeUndefined();
  expect(newsOf({ kind: 'receipt', aboutIds: [], recipients: [] }, mail)).toEqual({ status: 'read', hold: [] });
  expect(newsOf({ kind: 'complaint', aboutIds: [], recipients: [] }, mail)).toMatchObject({ status: 'delivered', hold: [{ address: 'jo@example.com', reason: 'complaint' }] });
});
