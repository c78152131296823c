import { describe, expect, test } from '@jest/globals';
import { activityText } from './activity-texts.js';

describe('activity lines', () => {
  test.each([
    ['en', 'Ana set the priority to high'], ['de', 'Ana hat die Priorität auf hoch gesetzt'], ['es-MX', 'Ana cambió la prioridad a alta'], ['pt_BR', 'Ana set the priority to high'],
  ])('in %s', (locale, text) => expect(activityText({ key: 'priority_set', params: { name: 'Ana', priority: 'high' } }, locale)).toBe(text));

  test('take names as they are', () =>
    expect(activityText({ key: 'assigned', params: { name: '{assignee}', assignee: '$&' } }, 'en')).toBe('Assigned to $& by {assignee}'));
});
