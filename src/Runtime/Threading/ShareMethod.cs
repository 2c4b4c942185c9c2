namespace AotCompiler.Runtime;

/// <summary>Computes one share of a phase of an inference. Shares of a phase do not depend on each other.</summary>
/// <param name="bases">The memory that the steps work in.</param>
/// <param name="phase">The phase, from 0.</param>
/// <param name="share">Which share, from 0.</param>
/// <param name="shares">Into how many equal shares the phase is cut.</param>
/// <returns>0, or what the caller of the team is to be told: the number of the step that failed, plus 1.</returns>
public unsafe delegate int ShareMethod(byte** bases, int phase, int share, int shares);
