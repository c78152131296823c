import { expect, test } from '@jest/globals';
import type { Contact } from '../../../api/types';
import { mergePreview } from './merge-preview';

const person = (given: Partial<Contact>): Contact => ({
  id: 1, name: '', email: null, phone_number: null, identifier: null, thumbnail: '', blocked: false, availability_status: 'offline', additional_attributes: {}, custom_attributes: {}, created_at: 0, ...given,
});

test('the one who stays keeps what it has, and what the other loses is said', () => {
  expect(mergePreview(
    person({ name: 'Ada', email: 'a@x.org', custom_attributes: { plan: 'paid', size: 3 } }),
    person({ name: 'A. L.', email: 'a@x.org', phone_number: '+1', additional_attributes: { city: 'Paris', ip: '::1' }, custom_attributes: { plan: 'free', tall: true } }),
  )).toEqual({
    fields: [{ key: 'name', kept: 'Ada', lost: 'A. L.' }, { key: 'email', kept: 'a@x.org', lost: null }, { key: 'phone_number', kept: '+1', lost: null }, { key: 'city', kept: 'Paris', lost: null }],
    attributes: [{ key: 'plan', kept: 'paid', lost: 'free' }, { key: 'size', kept: '3', lost: null }, { key: 'tall', kept: 'true', lost: null }],
  });
});
