import { expect, test } from '@jest/globals';
import { inkOn } from './contrast';

test('text on a colour is whichever of black and white reads better', () => {
  expect([inkOn('#ffffff'), inkOn('#fbbf24'), inkOn('#000000'), inkOn('#1d4ed8'), inkOn('#B45309')]).toEqual(['#1c1917', '#1c1917', '#ffffff', '#ffffff', '#ffffff']);
});

test('what is no colour counts as dark', () => {
  expect(inkOn('red; background: url(x)')).toBe('#ffffff');
});
