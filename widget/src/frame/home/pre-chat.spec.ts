import { describe, expect, test } from '@jest/globals';
import type { PreChatField } from '../api/wire';
import { flawOf, introductionFrom, questionsFor } from './pre-chat';

const field = (more: Partial<PreChatField>): PreChatField => ({ name: 'x', label: 'X', type: 'text', field_type: 'contact_attribute', ...more });
const email = field({ name: 'emailAddress', type: 'email', field_type: 'standard', required: true });
const phone = field({ name: 'phoneNumber', type: 'text', field_type: 'standard' });

describe('the form before the chat', () => {
  test('asks only what is switched on and not known', () => {
    expect(questionsFor([email, phone, field({ enabled: false })], { id: 1, email: 'a@b.org' })).toEqual([phone]);
    expect(questionsFor([email, phone], { id: 1, has_email: true, has_phone_number: false })).toEqual([phone]);
  });

  test.each([
    [email, '', 'fillIn'], [email, '  ', 'fillIn'], [email, 'nobody', 'badEmail'], [email, 'a@b.org', null],
    [phone, '', null], [phone, '0301234', 'badPhone'], [phone, '+49 30 1234-567', null],
    [field({ type: 'number' }), 'ten', 'badNumber'], [field({ type: 'number' }), '10.5', null],
    [field({ type: 'link' }), 'example.org', 'badLink'], [field({ type: 'link' }), 'javascript:alert(1)', 'badLink'], [field({ type: 'link' }), 'https://example.org', null],
    [field({ type: 'checkbox', required: true }), false, 'fillIn'], [field({ type: 'checkbox', required: true }), true, null],
    [field({ regex_pattern: '^[0-9]{4}$' }), '12', 'badPattern'], [field({ regex_pattern: '/^ab$/i' }), 'AB', null], [field({ regex_pattern: '(' }), 'anything', null],
  ] as const)('%j answered %j: %j', (asked, answer, flaw) => {
    expect(flawOf(asked, answer)).toBe(flaw);
  });

  test('sorts answers to the person and the conversation', () => {
    const fields = [email, phone, field({ name: 'age', type: 'number' }), field({ name: 'topic', field_type: 'conversation_attribute' }), field({ name: 'empty' })];
    expect(introductionFrom(fields, { emailAddress: ' a@b.org ', phoneNumber: '+49 (30) 123', age: '7', topic: 'Food', empty: ' ' })).toEqual({
      contact: { email: 'a@b.org', phone_number: '+4930123', custom_attributes: { age: 7 } }, conversation: { topic: 'Food' },
    });
  });
});
