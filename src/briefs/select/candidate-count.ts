/** Candidates of each brief and level. Variance cannot be foreseen for a brief, so there are never fewer. */
export const candidateCount = 3;
