import { expect, test } from '@jest/globals';
import type { ContactRow } from '../contacts.repository.js';
import { mergedContact } from './merged-contact.js';

const person = (given: Partial<ContactRow>): ContactRow => ({
  account_id: 1, id: 1, created_at: new Date(0), updated_at: new Date(0), last_activity_at: null, blocked: false, name: '', email: null, avatar_key: null, phone_number: null, identifier: null,
  additional_attributes: null, custom_attributes: null, label_ids: [], ...given,
});

test('what the one who stays has holds, and the other fills the gaps', () => {
  const merged = mergedContact(
    person({ name: 'Ada', email: 'ada@example.org', custom_attributes: { plan: 'paid', note: '' }, additional_attributes: { social: { x: 'ada' } }, label_ids: [1, 2] }),
    person({ name: 'A. L.', email: 'other@example.org', phone_number: '+1555', identifier: 'a', custom_attributes: { plan: 'free', note: 'tall', age: 3 }, additional_attributes: { social: { x: 'al', y: 'al' }, city: 'Paris' }, label_ids: [2, 3] }));
  expect(merged).toEqual({
    name: 'Ada', email: 'ada@example.org', phone_number: '+1555', identifier: 'a', avatar_key: null, last_activity_at: null, label_ids: [1, 2, 3],
    custom_attributes: { plan: 'paid', note: 'tall', age: 3 }, additional_attributes: { social: { x: 'ada', y: 'al' }, city: 'Paris' },
  });
});

test('the later activity is that of both', () => {
  const [early, late] = [new Date(1_000), new Date(2_000)];
  expect(mergedContact(person({ last_activity_at: late }), person({ last_activity_at: early })).last_activity_at).toEqual(late);
  expect(mergedContact(person({ last_activity_at: null }), person({ last_activity_at: early })).last_activity_at).toEqual(early);
});
