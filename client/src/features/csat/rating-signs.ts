/** The five ratings, worst first, as they are shown to people. */
export const FACES = ['😞', '😕', '😐', '😊', '😄'] as const;
export const RATINGS = [1, 2, 3, 4, 5] as const;
