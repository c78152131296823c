/** Relative luminance of `#rrggbb` as WCAG defines it, 0 to 1. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Near-black or white, whichever reads better on `hex`. */
export function inkOn(hex: string): '#1c1917' | '#ffffff' {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return '#ffffff';
  const light = luminance(hex);
  return 1.05 / (light + 0.05) >= (light + 0.05) / (luminance('#1c1917') + 0.05) ? '#ffffff' : '#1c1917';
}
