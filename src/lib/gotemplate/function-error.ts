/** What a function finds wrong with its arguments; the evaluator adds the place. */
export class FunctionError extends Error {}
