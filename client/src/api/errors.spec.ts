import { expect, test } from '@jest/globals';
import { errorFromAnswer } from './errors';

test('reads each of the shapes in which the server says no', () => {
  expect(errorFromAnswer(422, { message: 'Name is too long', attributes: ['name'] }, null)).toMatchObject({ status: 422, message: 'Name is too long', fields: ['name'] });
  expect(errorFromAnswer(404, { error: 'Resource could not be found' }, null).message).toBe('Resource could not be found');
  expect(errorFromAnswer(401, { success: false, errors: ['Invalid login credentials'] }, null).message).toBe('Invalid login credentials');
  expect(errorFromAnswer(403, { error: 'no', error_code: 'mfa_setup_required' }, null).code).toBe('mfa_setup_required');
  expect(errorFromAnswer(429, { error: 'slow down' }, '30').retryAfter).toBe(30);
});

test('a page that a proxy put in the way is an error without words', () => {
  expect(errorFromAnswer(502, undefined, null)).toMatchObject({ status: 502, message: '', fields: [], retryAfter: null, offline: false });
});
