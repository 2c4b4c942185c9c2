using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Snapshots;

/// <summary>The code of single steps, one test for each of the main kernels; odd sizes show the tails.</summary>
public class StepSnapshotTests
{
    [Fact]
    public void Elementwise_with_broadcast() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 21)
        .Input("scale", OnnxDataType.Float, 3, 1)
        .Input("shift", OnnxDataType.Float, 21)
        .Node("Mul", ["x", "scale"], ["scaled"])
        .Node("Add", ["scaled", "shift"], ["sum"])
        .Node("Sigmoid", ["sum"], ["y"])
        .Output("y")).ShouldBeApproved("step.elementwise");

    [Fact]
    public void Integers_on_vectors_of_their_own() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Int64, 5)
        .Initializer("one", [1], 1L)
        .Node("Add", ["x", "one"], ["y"])
        .Output("y")).ShouldBeApproved("step.integers");

    [Fact]
    public void Transposition() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3, 7)
        .Node("Transpose", ["x"], ["y"], ("perm", new long[] { 1, 0, 2 }))
        .Output("y")).ShouldBeApproved("step.copy");

    [Fact]
    public void Convolution_with_halo_and_tail() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 3, 6, 7)
        .Initializer("w", [20, 3, 3, 3], Weights.Random(540, 1))
        .Initializer("b", [20], Weights.Random(20, 2))
        .Node("Conv", ["x", "w", "b"], ["conv"], ("pads", new long[] { 1, 1, 1, 1 }))
        .Node("Relu", ["conv"], ["y"])
        .Output("y")).ShouldBeApproved("step.convolution");

    [Fact]
    public void Depthwise_convolution() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 16, 6, 6)
        .Initializer("p", [16, 16, 1, 1], Weights.Random(256, 1))
        .Initializer("d", [16, 1, 3, 3], Weights.Random(144, 2))
        .Node("Conv", ["x", "p"], ["pointwise"])
        .Node("Conv", ["pointwise", "d"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }), ("group", 16))
        .Output("y")).ShouldBeApproved("step.depthwise");

    [Fact]
    public void Product_with_tail() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 5, 12)
        .Initializer("w", [12, 37], Weights.Random(444, 1))
        .Initializer("b", [37], Weights.Random(37, 2))
        .Node("Gemm", ["x", "w", "b"], ["y"])
        .Output("y")).ShouldBeApproved("step.product");

    [Fact]
    public void Pooling() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 2, 7, 7)
        .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }))
        .Output("y")).ShouldBeApproved("step.pooling");

    [Fact]
    public void Softmax_of_rows() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 10)
        .Node("Softmax", ["x"], ["y"])
        .Output("y")).ShouldBeApproved("step.softmax-rows");

    [Fact]
    public void Shared_by_two_steps() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 10)
        .Node("Softplus", ["x"], ["softplus"])
        .Node("Identity", ["softplus"], ["y"])
        .Node("Softplus", ["y"], ["z"])
        .Output("y")
        .Output("z")).ShouldBeApproved("step.shared");

    [Fact]
    public void Softmax_of_columns() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 5, 8)
        .Node("Softmax", ["x"], ["y"], ("axis", 0))
        .Output("y")).ShouldBeApproved("step.softmax-columns");

    [Fact]
    public void Layer_normalisation() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 12)
        .Initializer("scale", [12], Weights.Random(12, 1))
        .Initializer("shift", [12], Weights.Random(12, 2))
        .Node("LayerNormalization", ["x", "scale", "shift"], ["y"])
        .Output("y")).ShouldBeApproved("step.layer-normalisation");

    [Fact]
    public void Mean_of_rows() => Snapshot.Steps(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 40)
        .Initializer("axes", [1], 1L)
        .Node("ReduceMean", ["x", "axes"], ["y"])
        .Output("y")).ShouldBeApproved("step.reduction");

    [Fact]
    public void Lookup_checks_its_indices() => Snapshot.Steps(new ModelBuilder()
        .Input("table", OnnxDataType.Float, 10, 12)
        .Input("index", OnnxDataType.Int64, 3)
        .Node("Gather", ["table", "index"], ["y"])
        .Output("y")).ShouldBeApproved("step.lookup");
}
