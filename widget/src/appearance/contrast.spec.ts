import { describe, expect, test } from '@jest/globals';
import { contrast, safeColor, textOn } from './contrast';

describe('contrast', () => {
  test('knows the two ends of the scale', () => {
    expect(contrast('#000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#777777')).toBe(1);
  });

  test('text on any colour reaches 4.5:1', () => {
    for (let value = 0; value < 0x1000; value += 7) {
      const color = `#${value.toString(16).padStart(3, '0')}`;
      expect({ color, enough: contrast(textOn(color), color) >= 4.5 }).toEqual({ color, enough: true });
    }
  });

  test('white on dark, ink on the porch light', () => {
    expect(textOn('#0f766e')).toBe('#ffffff');
    expect(textOn('#fbbf24')).toBe('#1c1917');
  });

  test('lets only hex colours through', () => {
    expect(safeColor(' #0F766E ')).toBe('#0F766E');
    for (const bad of ['red;background:url(x)', '#12345', '', null, 7]) expect(safeColor(bad)).toBe('#fbbf24');
  });
});
