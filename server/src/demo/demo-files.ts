/** A photograph stand-in: a tin with a dented lid, drawn here so that nobody's picture is shipped. */
export async function tinPhoto(): Promise<Buffer> {
  // The demo's module is part of every server, which does not carry the decoder for it.
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900">
    <defs><linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#d6c7a8"/><stop offset="1" stop-color="#9c8560"/></linearGradient>
    <linearGradient id="t" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#8d9499"/><stop offset=".35" stop-color="#eef1f3"/><stop offset="1" stop-color="#7b8288"/></linearGradient></defs>
    <rect width="1200" height="900" fill="url(#b)"/><ellipse cx="610" cy="770" rx="290" ry="50" fill="#000" opacity=".25"/>
    <rect x="380" y="220" width="440" height="530" fill="url(#t)"/><ellipse cx="600" cy="750" rx="220" ry="44" fill="#767d83"/>
    <rect x="380" y="330" width="440" height="300" fill="#b3261e"/><rect x="380" y="330" width="440" height="26" fill="#f5d06f"/>
    <ellipse cx="600" cy="220" rx="220" ry="48" fill="#c9ced2"/><path d="M440 220q80 40 190 8q60-22 110 4" stroke="#5d646a" stroke-width="10" fill="none"/>
    <circle cx="600" cy="480" r="86" fill="#f5d06f"/><circle cx="570" cy="470" r="30" fill="#7f1d1d"/><circle cx="630" cy="500" r="34" fill="#991b1b"/></svg>`)).jpeg({ quality: 82 }).toBuffer();
}

/** A one-page PDF with the given lines. */
export function listPdf(title: string, lines: string[]): Buffer {
  const escape = (s: string): string => s.replace(/[\\()]/g, '\\$&');
  const text = [`BT /F1 22 Tf 60 770 Td (${escape(title)}) Tj ET`, ...lines.map((line, i) => `BT /F1 13 Tf 60 ${730 - i * 24} Td (- ${escape(line)}) Tj ET`)].join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = body.length;
    body += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(`${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`, 'latin1');
}
