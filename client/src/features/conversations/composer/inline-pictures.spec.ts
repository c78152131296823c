import { expect, it } from '@jest/globals';
import { pictureMark, shows, withOwnNames } from './inline-pictures';

it('gives every file a name of its own', () => {
  const file = (name: string) => new File(['x'], name);
  expect(withOwnNames([file('image.png'), file('image.png'), file('plan')], ['image.png', 'plan']).map(({ name }) => name)).toEqual(['image-2.png', 'image-3.png', 'plan-2']);
});

it('finds a picture in the text again, whatever its name', () => {
  for (const name of ['plan.png', 'my plan (2).png', 'Größe ✓.png']) {
    expect(shows(`see ${pictureMark(name)}`, name)).toBe(true);
    expect(shows(`see ![alt text](${pictureMark(name).slice(4)}`, name)).toBe(true);
  }
  expect(shows('see plan.png', 'plan.png')).toBe(false);
  expect(shows(null, 'plan.png')).toBe(false);
});
