/** By which the API server notes that this tool set a field. */
export const FIELD_MANAGER = 'kubectl-image-updater'
