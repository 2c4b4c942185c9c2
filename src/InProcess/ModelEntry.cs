using System;

namespace AotCompiler.InProcess;

/// <summary>
/// What a tool knows of a generated class, whose methods take spans of types known only at run time: the adapter that
/// <see cref="ModelAdapter"/> writes derives from this and calls the generated public methods.
/// </summary>
public abstract unsafe class ModelEntry : IDisposable
{
    /// <summary>The strings of each input; empty where an input is not of strings.</summary>
    public string[][] InputStrings { get; set; } = [];

    /// <summary>Receives the strings of each output; empty where an output is not of strings.</summary>
    public string[][] OutputStrings { get; set; } = [];

    /// <summary>The dimensions that a run chooses, in the order of the parameters.</summary>
    public int[] Dimensions { get; set; } = [];

    /// <summary>Elements of each input in the next run.</summary>
    public int[] InputLengths { get; set; } = [];

    /// <summary>Copies the shape that an output had in the last run, if each run has its own.</summary>
    /// <param name="output">Number of the output.</param>
    /// <param name="target">One element per dimension.</param>
    public virtual void CopyDimensions(int output, int[] target)
    {
    }

    /// <summary>Runs the instance once, in its own working memory.</summary>
    /// <param name="inputs">Pointers to the inputs, in the model's order.</param>
    /// <param name="outputs">Pointers to the outputs, in the model's order.</param>
    public abstract void Run(byte** inputs, byte** outputs);

    /// <summary>Runs once in the caller's working memory.</summary>
    /// <param name="inputs">Pointers to the inputs, in the model's order.</param>
    /// <param name="outputs">Pointers to the outputs, in the model's order.</param>
    /// <param name="arena">As many bytes as the plan says, 64-byte aligned.</param>
    public abstract void RunIn(byte** inputs, byte** outputs, byte* arena);

    /// <summary>Runs the instance once and notes when each step ended; for classes that were generated to be profiled.</summary>
    /// <param name="inputs">Pointers to the inputs, in the model's order.</param>
    /// <param name="outputs">Pointers to the outputs, in the model's order.</param>
    /// <param name="timestamps">Receives one value more than there are steps, of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
    /// <exception cref="NotSupportedException">The class was not generated to be profiled.</exception>
    public virtual void RunProfiled(byte** inputs, byte** outputs, long* timestamps) =>
        throw new NotSupportedException("the class was not generated to be profiled");

    /// <summary>Clears what the model keeps from run to run, in its own memory and in that of <see cref="RunIn"/>.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>Frees the instance's working memory.</summary>
    public abstract void Dispose();
}
