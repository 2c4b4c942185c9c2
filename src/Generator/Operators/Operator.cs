using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>
/// What the compiler knows of one ONNX operator, in all versions. The sealed subclasses are found by reflection
/// (<see cref="OperatorRegistry"/>): adding an operator touches its own file and its own test file.
/// </summary>
internal abstract class Operator
{
    /// <summary>Domain of operators that only the compiler makes: models do not contain them.</summary>
    public const string InternalDomain = "aotcompiler.internal";

    protected Operator(string name, string domain = "")
    {
        Name = name;
        Domain = domain;
    }

    /// <summary>Operator type as ONNX spells it.</summary>
    public string Name { get; }

    /// <summary>Operator domain; empty for <c>ai.onnx</c>.</summary>
    public string Domain { get; }

    /// <summary>First version of the domain that has the operator.</summary>
    public virtual int Since => 1;

    /// <summary>Fewest and most inputs, in the newest version.</summary>
    public abstract (int Min, int Max) InputCount { get; }

    /// <summary>False for an input that may be left out although required ones stand behind it.</summary>
    public virtual bool RequiresInput(int input) => true;

    /// <summary>Fewest and most outputs.</summary>
    public virtual (int Min, int Max) OutputCount => (1, 1);

    /// <summary>True if the operator gives the same result for the same inputs, so that equal nodes may be merged.</summary>
    public virtual bool IsPure => true;

    /// <summary>True if sizes of outputs may be counts that the operator finds in its data, so that equal nodes must be one from the start: equal counts would be two.</summary>
    public virtual bool FindsCounts => false;

    /// <summary>True if a run must do the node's work even if nobody reads its results, since it ends runs whose data are not what they must be.</summary>
    public virtual bool Checks => false;

    /// <summary>The counts that a node found, where its results hold them as elements; null if they are dimensions of the results.</summary>
    public virtual IReadOnlyList<long>? CountsIn(Node node, IReadOnlyList<Tensor> results) => null;

    /// <summary>False if only the type and shape of an input matter, so that the node is constant even where that input is not.</summary>
    public virtual bool ReadsData(int input) => true;

    /// <summary>
    /// True if the operator takes and makes 16-bit floats as they are stored, since it converts them. For all others they are
    /// widened to f32 before and narrowed behind.
    /// </summary>
    public virtual bool ConvertsTypes => false;

    /// <summary>Attributes whose text names tensors of the graph, which the node reads as it does its inputs.</summary>
    public virtual IReadOnlyList<string> TensorAttributes => System.Array.Empty<string>();

    /// <summary>False if constant results are not computed on import, since passes want to see how they come about.</summary>
    public virtual bool FoldsOnImport => true;

    /// <summary>True if the operator rounds real numbers to codes, so that results behind it may differ by a step where two correct programs round differently.</summary>
    public virtual bool RoundsToCodes => false;

    /// <summary>True if the operator needs the bits of its inputs, so that 16-bit floats must not be widened before it.</summary>
    public virtual bool ReadsBits => false;

    /// <summary>
    /// True if a truth value that the operator makes of run-time sizes is the same for all of them: operands that can never be equal.
    /// Asked only where the inputs are sizes.
    /// </summary>
    public virtual bool DecidesSizes(Node node) => false;

    /// <summary>Brings attributes and inputs of an older version (<see cref="Node.Opset"/>) into the newest form; the graph is not complete yet.</summary>
    public virtual void Upgrade(UpgradeContext context)
    {
    }

    /// <summary>
    /// The element type in which the operator computes a node whose input 0 and output 0 have one that it has no kernels for: the
    /// importer converts in front of it and behind it. Null if it takes the type as it is, or not at all.
    /// </summary>
    /// <param name="node">The node in its newest form; its outputs are not inferred yet.</param>
    public virtual ElementType? ComputesIn(Node node) => null;

    /// <summary>Checks the inputs and sets types and shapes of all outputs.</summary>
    public abstract void Infer(InferContext context);

    /// <summary>Expressions that dimensions of the outputs may be, where the inputs' dimensions or data are known only at run time.</summary>
    public virtual IEnumerable<Size> LikelySizes(Node node) => System.Array.Empty<Size>();

    /// <summary>
    /// False if the inputs fit in every sample of the run-time sizes, but not in the same way: a dimension that is repeated only
    /// where it happens to be 1. Asked once the outputs are inferred, where sizes are known only at run time.
    /// </summary>
    public virtual bool FitsAlike(Node node) => true;

    /// <summary>
    /// Computes the outputs from constant inputs, plainly: the scalar oracle of the kernels, and constant folding.
    /// Output types and shapes are inferred already; absent optional inputs are null.
    /// </summary>
    public abstract IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs);

    /// <summary>Products that <see cref="Evaluate"/> computes, for operators whose work is more than their operands' size.</summary>
    public virtual double EvaluationProducts(Node node) => 0;

    /// <summary>The operands of <see cref="Evaluate"/>: one entry per input the operator can have, null where it is absent.</summary>
    public Tensor?[] Operands(Node node, System.Func<Value, Tensor> read)
    {
        var operands = new Tensor?[InputCount.Max == int.MaxValue ? node.OperatorInputCount : InputCount.Max];
        for (int i = 0; i < node.OperatorInputCount; i++)
        {
            operands[i] = node.Inputs[i] is { } value ? read(value) : null;
        }

        return operands;
    }

    /// <summary>Rewrites the node into something simpler; true if anything changed.</summary>
    public virtual bool Simplify(Node node, GraphRewriter rewriter) => false;

    /// <summary>True if an element-wise epilogue may be fused into the node: <see cref="Lower"/> then applies <see cref="Node.Epilogue"/>.</summary>
    public virtual bool AcceptsEpilogue(Node node, ElementProgram program) => false;

    /// <summary>The layout of output 0, given those of the inputs. Blocked only for f32 of rank 3 and more.</summary>
    public virtual LayoutKind ChooseLayout(Node node, LayoutQuery layouts) => LayoutKind.Plain;

    /// <summary>The zero cells the node wants around the spatial dimensions of an input, or null.</summary>
    public virtual Halo? WantedHalo(Node node, int input, LayoutQuery layouts) => null;

    /// <summary>True if the node can write output 0 through strides, so that it may be placed inside a consumer's buffer or a halo.</summary>
    public virtual bool WritesStrided(Node node) => false;

    /// <summary>The function of an element-wise operator; null for others.</summary>
    public virtual ElementFunction? FunctionOf(Node node) => null;

    /// <summary>What the node's kernels do with an input (epilogue operands included) that is stored as bytes.</summary>
    public virtual ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => ByteUse.None;

    /// <summary>True if <see cref="Lower"/> can store output 0 as bytes.</summary>
    public virtual bool MakesBytes(Node node, LayoutQuery layouts) => false;

    /// <summary>The inputs whose elements output 0 consists of, if the operator only moves elements or chooses among them; else none.</summary>
    public virtual IReadOnlyList<Value> MovedInputs(Node node) => System.Array.Empty<Value>();

    /// <summary>Appends the steps that compute the node, or makes its outputs views of memory that exists.</summary>
    public abstract void Lower(Node node, LoweringContext context);

    public override string ToString() => Domain.Length == 0 ? Name : $"{Domain}:{Name}";
}
