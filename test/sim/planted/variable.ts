/** Names the planted bug that a process is to have. */
export const plantedVariable = 'DROWSE_SIM_PLANTED';
