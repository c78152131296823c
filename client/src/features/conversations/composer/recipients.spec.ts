import { describe, expect, it } from '@jest/globals';
import type { Conversation, Message } from '../../../api/types';
import { addressesIn, answerTo, hasOthers, isAddress } from './recipients';

const conversation = { meta: { sender: { email: 'Jo@example.com' } } } as unknown as Conversation;
const mail = (email: object, message_type = 0) => ({ message_type, content_attributes: { email } }) as unknown as Message;
const own = ['help@us.org'];

describe('whom an answer goes to', () => {
  const messages = [mail({ from: ['jo@example.com'] }), mail({ from: ['Ann@example.com'], to: ['help+token@us.org', 'jo@example.com'], cc: ['bo@example.com', 'ann@example.com'] }), mail({}, 1)];
  it('is who wrote last; with all, also the others, never ourselves', () => {
    expect(answerTo(conversation, messages, own, false)).toEqual({ to: ['ann@example.com'], cc: [], bcc: [], forwards: null });
    expect(answerTo(conversation, messages, own, true).cc).toEqual(['jo@example.com', 'bo@example.com']);
    expect([hasOthers(conversation, messages, own), hasOthers(conversation, messages.slice(0, 1), own)]).toEqual([true, false]);
  });
  it('is the contact where nobody wrote a mail, or where a stranger came in', () => {
    expect(answerTo(conversation, [], own, true)).toEqual({ to: ['jo@example.com'], cc: [], bcc: [], forwards: null });
    expect(answerTo(conversation, [mail({ from: ['stranger@evil.example'], new_participant: true })], own, false).to).toEqual(['jo@example.com']);
  });
});

it.each([
  ['Jo <jo@example.com>, ann@example.com', ['jo@example.com', 'ann@example.com']], ['"Doe, Jane" <Jane@Example.com>; bo@x.org', ['jane@example.com', 'bo@x.org']], ['a@x.org b@x.org\nc@x.org', ['a@x.org', 'b@x.org', 'c@x.org']], [' ', []],
])('reads %j', (text, addresses) => expect(addressesIn(text)).toEqual(addresses));

it('knows an address', () => expect(['a@x.org', 'a@x', 'x', 'a b@x.org', 'a@@x.org', 'jö@exämple.org'].map(isAddress)).toEqual([true, false, false, false, false, true]));
