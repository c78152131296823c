const DEEPEST = 100;

/** Whether JSON text is nested deeper than anything sensible: whatever walks it afterwards by recursion would run out of stack. */
export function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inText) {
      if (c === 92) i++; // a backslash: whatever follows belongs to the text
      else if (c === 34) inText = false;
    } else if (c === 34) inText = true;
    else if (c === 123 || c === 91) { if (++depth > DEEPEST) return true; } else if (c === 125 || c === 93) depth--;
  }
  return false;
}
