using System;

namespace AotCompiler.Operators;

/// <summary>The tensors of a state that is a sequence differ in one axis, so that the loop must be imported with another form of it.</summary>
internal sealed class VaryingStateException : Exception
{
    public VaryingStateException(int state, JoinForm form)
        : base("A sequence needs another form.")
    {
        State = state;
        Form = form;
    }

    /// <summary>Number of the state.</summary>
    public int State { get; }

    /// <summary>The form that suits the state before and behind an iteration.</summary>
    public JoinForm Form { get; }
}
