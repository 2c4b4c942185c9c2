
BscoresJ(¢ A¾½{o¾?N?29á¿vDX>n`?Üp4?¿¾w=°¢Ã»