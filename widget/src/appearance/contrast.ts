const ink = '#1c1917';

function channels(hex: string): [number, number, number] | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  const parts = short ? short.slice(1).map((d) => d + d) : long?.slice(1);
  return parts ? (parts.map((part) => parseInt(part, 16)) as [number, number, number]) : null;
}

function luminance(rgb: [number, number, number]): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The WCAG contrast of two hex colours, 1 to 21; 1 when one of them is not a hex colour. */
export function contrast(a: string, b: string): number {
  const first = channels(a), second = channels(b);
  if (!first || !second) return 1;
  const [low, high] = [luminance(first), luminance(second)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** A colour for text on `background` with at least 4.5:1: white, else ink, else black. */
export function textOn(background: string): string {
  return ['#ffffff', ink].find((color) => contrast(color, background) >= 4.5) ?? '#000000';
}

/** `color` when it is a hex colour (#rgb or #rrggbb), otherwise `fallback`. */
export function safeColor(color: unknown, fallback = '#fbbf24'): string {
  return typeof color === 'string' && channels(color.trim()) ? color.trim() : fallback;
}
